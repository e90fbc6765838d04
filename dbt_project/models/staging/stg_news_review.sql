select
    item_id,
    cast(row_hash as {{ text_type() }}) as row_hash,
    what,
    confidence,
    threshold,
    needs_review
from {{ source('ops', 'news_review') }}
