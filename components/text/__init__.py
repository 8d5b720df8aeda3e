"""Numbers, sentences and verdicts as readers see them; nothing here knows Streamlit."""
