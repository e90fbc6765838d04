{# A row for each month for which a township owes its ledger, or in which it placed somebody. #}
with ordered as (
    select
        wages.*,
        sum(placements) over (partition by township_code, started_month_no) as wages_known,
        sum(placements) over (
            partition by township_code, started_month_no order by monthly_wage
            rows between unbounded preceding and current row
        ) as up_to_here
    from {{ ref('int_township_wages') }} as wages
),

medians as (
    select
        township_code,
        started_month_no,
        (
            min(case when 2 * up_to_here >= wages_known then monthly_wage end)
            + min(case when 2 * up_to_here > wages_known then monthly_wage end)
        ) / 2 as median_wage
    from ordered
    group by township_code, started_month_no
),

placed as (
    select
        months.district_code,
        months.township_code,
        months.started_month_no as month_no,
        months.placements,
        months.persons_placed,
        months.public_posts,
        months.wages_known,
        medians.median_wage
    from {{ ref('int_township_months') }} as months
    left join medians
        on months.township_code = medians.township_code and months.started_month_no = medians.started_month_no
),

owed as (
    select
        district_code,
        organisation_code as township_code,
        month_no,
        is_begun,
        is_covered,
        reason_if_absent
    from {{ ref('int_reporting_months') }}
    where feed = 'placement'
),

cells as (
    select
        coalesce(placed.district_code, owed.district_code) as district_code,
        coalesce(placed.township_code, owed.township_code) as township_code,
        coalesce(placed.month_no, owed.month_no) as month_no,
        placed.township_code is not null or owed.is_begun as is_known,
        case
            when placed.township_code is null and not owed.is_begun then owed.reason_if_absent
            when not owed.is_covered then 'in_part'
        end as reason,
        placed.placements,
        placed.persons_placed,
        placed.public_posts,
        placed.wages_known,
        placed.median_wage
    from placed
    full outer join owed on placed.township_code = owed.township_code and placed.month_no = owed.month_no
)

select
    cells.district_code,
    cells.township_code,
    {{ month_of_no('cells.month_no') }} as month,
    cast(case when cells.is_known then coalesce(cells.placements, 0) end as integer) as placements,
    cast(case when cells.is_known then coalesce(cells.persons_placed, 0) end as integer) as persons_placed,
    cast(case when cells.is_known then coalesce(cells.public_posts, 0) end as integer) as public_posts,
    cast(case when cells.wages_known >= parameters.small_cell then cells.median_wage end as numeric(12, 2)) as median_wage,
    cast(case when cells.is_known then coalesce(cells.wages_known, 0) end as integer) as wages_known,
    cells.reason,
    cells.month_no
from cells
cross join {{ ref('int_rule_parameters') }} as parameters
