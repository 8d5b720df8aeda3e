"""One module a chart type: answers in, a figure with its finding, its words and its table out."""
