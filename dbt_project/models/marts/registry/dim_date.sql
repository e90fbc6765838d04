select
    date_day,
    month_no,
    month,
    quarter,
    year,
    weekday,
    is_workday,
    workday_basis
from {{ ref('int_dates') }}
