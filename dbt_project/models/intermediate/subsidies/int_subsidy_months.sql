{{ config(materialized='table') }}

{#
    One row for each payment and month it is for. Post and social-insurance subsidies exclude each other, so they share one
    turn; the second and later payment of a month is a double one.
#}
select
    subsidies.subsidy_key,
    subsidies.person_key,
    subsidies.district_code,
    subsidies.subsidy_kind,
    months.month_no,
    cast(subsidies.amount / subsidies.months as numeric(18, 6)) as monthly_amount,
    row_number() over (
        partition by
            subsidies.person_key,
            case
                when subsidies.subsidy_kind in ('public_post', 'flexible_insurance', 'employer_insurance') then 'insured'
                else subsidies.subsidy_kind
            end,
            months.month_no
        order by subsidies.paid_on, subsidies.subsidy_key
    ) as turn
from {{ ref('int_subsidies') }} as subsidies
inner join {{ ref('int_months') }} as months
    on months.month_no between subsidies.first_month_no and subsidies.last_month_no
