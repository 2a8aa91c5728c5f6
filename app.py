"""Entry of the Streamlit app: imported it is what is served, guarded; run as a script it draws the pages."""

import sys

import streamlit as st
from starlette.middleware import Middleware

from crosslingual.serve.uploads import remove_stale_folders
from crosslingual.ui.request_guard import RequestGuard

if __name__ == "__main__":
    # The first time it takes long to load them: the browser would show boxes without words.
    is_first = "crosslingual.ui.compare" not in sys.modules
    waiting = st.caption("Starting: loading the pages of the app …") if is_first else None
    from crosslingual.ui import compare
    from crosslingual.ui.add import page as add
    from crosslingual.ui.check import page as check
    from crosslingual.ui.citations import page as citations
    from crosslingual.ui.coding import page as coding
    from crosslingual.ui.corpus import page as corpus
    from crosslingual.ui.entities import page as entities
    from crosslingual.ui.events import page as events
    from crosslingual.ui.framing import page as framing
    from crosslingual.ui.search import page as search
    from crosslingual.ui.sources import page as sources
    from crosslingual.ui.timeline import page as timeline

    st.set_page_config(page_title="crosslingual", layout="wide", initial_sidebar_state="collapsed")
    PAGES = [
        st.Page(events.render_page, title="Events", url_path="events"),
        st.Page(compare.render_page, title="Compare", url_path="compare", default=True),
        st.Page(timeline.render_page, title="Timeline", url_path="timeline"),
        st.Page(framing.render_page, title="Framing", url_path="framing"),
        st.Page(citations.render_page, title="Citations", url_path="citations"),
        st.Page(entities.render_page, title="Entities", url_path="entities"),
        st.Page(search.render_page, title="Search", url_path="search"),
        st.Page(corpus.render_page, title="Corpus", url_path="corpus"),
        st.Page(check.render_page, title="Check", url_path="check"),
        st.Page(coding.render_page, title="Coding", url_path="coding"),
        st.Page(add.render_page, title="Add", url_path="add"),
        st.Page(sources.render_page, title="Sources", url_path="sources"),
    ]
    if waiting:
        waiting.empty()
    st.navigation(PAGES, position="top").run()
else:
    remove_stale_folders()
    app = st.App(__file__, middleware=[Middleware(RequestGuard)])
