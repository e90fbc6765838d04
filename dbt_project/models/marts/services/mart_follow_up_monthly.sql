{# A row for each township, month in which follow-ups of it are due, and horizon. #}
select
    district_code,
    township_code,
    {{ month_of_no('month_no') }} as month,
    horizon_days,
    cast(owed as integer) as owed,
    cast(on_time as integer) as on_time,
    cast(late as integer) as late,
    cast(missed as integer) as missed,
    cast(not_reported as integer) as not_reported,
    cast(due as integer) as due,
    cast(coming as integer) as coming,
    {{ share('on_time', '(on_time + late + missed)') }} as rate_on_time,
    cast(employed as integer) as employed,
    cast(employed_elsewhere as integer) as employed_elsewhere,
    cast(out_of_work as integer) as out_of_work,
    cast(not_reached as integer) as not_reached,
    cast(placed_again as integer) as placed_again,
    month_no
from {{ ref('int_follow_up_counts') }}
