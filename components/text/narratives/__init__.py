"""What each page says in words, made from its answers. No Streamlit: pages use it, and briefs can."""
