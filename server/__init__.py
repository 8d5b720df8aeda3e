"""The server: what stands between the network and the pages. Nothing here knows a number or a page's content.

`serve.py` starts it. `starting` refuses what must not start, `app` puts it together, `headers` hardens every answer,
`gate` lets in who is signed in, `sign_in` holds the pages before the dashboard, `health` says whether it is up.
"""
