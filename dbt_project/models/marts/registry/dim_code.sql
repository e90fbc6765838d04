select
    feed,
    column_name,
    code,
    label_zh,
    position
from {{ ref('int_codes') }}
