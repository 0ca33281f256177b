// Uses the generated client: prints what it was answered, as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	gomon "gomon/client"
)

func main() {
	ctx := context.Background()
	settings := gomon.NewConfiguration()
	settings.Servers = gomon.ServerConfigurations{{URL: os.Args[1]}}
	client := gomon.NewAPIClient(settings)
	username, password := os.Args[2], "a long passphrase of go"
	_, _, err := client.UsersAPI.SignUp(ctx).SignUpRequest(*gomon.NewSignUpRequest(username, password)).Execute()
	check(err)
	session, _, err := client.SessionsAPI.LogIn(ctx).LogInRequest(*gomon.NewLogInRequest(username, password)).Execute()
	check(err)
	settings.AddDefaultHeader("Authorization", "Bearer "+session.Token)
	wanted := gomon.NewCreateMonitorRequest("shop", 2)
	wanted.SetUrl("https://example.com/")
	monitor, _, err := client.MonitorsAPI.CreateMonitor(ctx).CreateMonitorRequest(*wanted).Execute()
	check(err)
	list, _, err := client.MonitorsAPI.ListMonitors(ctx).Execute()
	check(err)
	wanted.SetThreshold(9)
	wanted.SetName("never")
	_, answer, err := client.MonitorsAPI.CreateMonitor(ctx).CreateMonitorRequest(*wanted).Execute()
	if err == nil {
		panic("a threshold that cannot be exceeded was accepted")
	}
	seen := map[string]any{"name": monitor.Name, "timeoutMs": monitor.TimeoutMs, "monitors": len(list.Items), "refused": answer.StatusCode}
	text, err := json.Marshal(seen)
	check(err)
	fmt.Println(string(text))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
