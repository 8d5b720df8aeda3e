"""One module a chart type: an answer, or rows and their measure, in; a Plotly figure with the table behind it out."""
