"""Entry of the Streamlit app: page config and navigation, nothing else."""

import streamlit as st

from crosslingual.ui import compare
from crosslingual.ui.framing import page as framing
from crosslingual.ui.search import page as search

st.set_page_config(page_title="crosslingual", layout="wide", initial_sidebar_state="collapsed")
PAGES = [
    st.Page(compare.page, title="Compare", url_path="compare", default=True),
    st.Page(framing.page, title="Framing", url_path="framing"),
    st.Page(search.page, title="Search", url_path="search"),
]
st.navigation(PAGES, position="top").run()
