"""What the PDF reader is made of: pdfium's calls, page texts, pictures, tables, forms, attached files."""
