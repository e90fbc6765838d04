"""What the pages ask the warehouse: one module for each page, set-based, nothing cached."""
