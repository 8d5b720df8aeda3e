"""The server: everything between the network and the pages. Nothing here knows a number or a page's content.

`serve.py` starts it. `startup_checks` refuses to start with unsafe settings, `app` builds the server, `headers` sets security
headers, `auth_middleware` requires a sign-in, `sign_in` holds the pages before the dashboard, `health` reports whether it is up.
"""
