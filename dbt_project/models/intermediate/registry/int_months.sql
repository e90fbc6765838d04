select distinct
    month_no,
    month
from {{ ref('int_dates') }}
