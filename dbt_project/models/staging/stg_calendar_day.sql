select
    day as date_day,
    is_workday,
    basis
from {{ source('ops', 'calendar_day') }}
