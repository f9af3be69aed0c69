"""What several rooms share: words, dates, findings, settings, stored data, tables and pages."""
