"""What Streamlit, Plotly and uvicorn do not do well yet.

Each module says for which version it is needed, what goes wrong without it, and how to see that it may go. One has no
module: uvicorn 0.54 with asyncio's own loop lets every file after a connection's first wait 40 ms, so
``requirements.txt`` names uvloop (``docs/decisions/0017-uvloop.md``). It may go when
``tests/dashboard/workarounds/test_event_loop.py`` passes without it.
"""
