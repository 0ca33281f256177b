#!/bin/sh
# libcurl 8.23.0 (as in pycurl 7.49.0's wheel for Linux) and status lines of HTTP/1: four digits are taken, as the first three of them, and
# two blanks before the status are refused ("Unsupported HTTP/1 subversion in response"). curl 7.88 does the reverse of both. A head that
# ends with the connection, amid a field, is an answer to either, and exits 0.
# Seen: as printed below. Exits 1 when that changes. Needs python3 with venv, and PyPI.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pycurl==7.49.0
cat >look.py <<'PY'
import io, pycurl, socket, threading
answers = [b'HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok', b'HTTP/1.1  200 OK\r\nContent-Length: 2\r\n\r\nok', b'HTTP/1.1 200 OK\r\nX: y']
server = socket.create_server(('127.0.0.1', 0))
def serve():
    for answer in answers:
        connection, _ = server.accept()
        connection.recv(65536)
        connection.sendall(answer)
        connection.close()
threading.Thread(target=serve, daemon=True).start()
for answer in answers:
    curl = pycurl.Curl()
    curl.setopt(curl.URL, 'http://127.0.0.1:%d/' % server.getsockname()[1])
    curl.setopt(curl.NOPROXY, '*')
    curl.setopt(curl.TIMEOUT, 5)
    curl.setopt(curl.WRITEDATA, io.BytesIO())
    code = 0
    try:
        curl.perform()
    except pycurl.error as error:
        code = error.args[0]
    print(repr(answer.split(b'\r\n')[0].decode()), 'status', curl.getinfo(curl.RESPONSE_CODE), 'exit', code)
PY
venv/bin/python look.py | tee seen
cat >expected <<'TXT'
'HTTP/1.1 2000 OK' status 200 exit 0
'HTTP/1.1  200 OK' status 0 exit 1
'HTTP/1.1 200 OK' status 200 exit 0
TXT
diff expected seen
