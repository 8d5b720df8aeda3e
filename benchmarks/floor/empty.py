"""The floor: a page with one select box and a line that says its choice, served as the dashboard is. What it takes, Streamlit takes.

The box shows a choice before the server knows of it. The line is the server's answer, as everything on the dashboard's pages is.

Its garbage collection is tamed as the dashboard's is: a floor that is slower than it need be would flatter the pages.
"""

import gc

import streamlit as st

REGIONS = ["All regions", "Northwest", "North Central", "South Central", "Southwest", "Eastern"]


@st.cache_resource(show_spinner=False)
def settle() -> bool:
    """Take what is loaded out of garbage collection, once."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    return True


st.set_page_config(page_title="Empty page", page_icon="📊", layout="wide")
st.text(st.selectbox("Region", REGIONS, key="region"))
settle()
