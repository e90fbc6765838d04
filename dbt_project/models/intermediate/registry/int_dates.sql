{{ config(materialized='table') }}

-- Every day from 2015 to the end of the year after as_of; the holiday table where it reaches, the plain week beyond it.
with days as (
    {{ day_series("cast('2015-01-01' as date)", "make_date(cast(extract(year from " ~ as_of() ~ ") as integer) + 1, 12, 31)") }}
)

select
    days.date_day,
    {{ month_no('days.date_day') }} as month_no,
    {{ month_start('days.date_day') }} as month,
    cast(extract(year from days.date_day) as integer) as year,
    cast(extract(quarter from days.date_day) as integer) as quarter,
    {{ iso_weekday('days.date_day') }} as weekday,
    coalesce(calendar.is_workday, {{ iso_weekday('days.date_day') }} <= 5) as is_workday,
    coalesce(calendar.basis, 'plain_week') as workday_basis
from days
left join {{ ref('stg_calendar_day') }} as calendar on days.date_day = calendar.date_day
