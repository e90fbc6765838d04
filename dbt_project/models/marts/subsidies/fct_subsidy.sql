with doubles as (
    select
        subsidy_key,
        sum(case when turn > 1 then 1 else 0 end) as months_paid_twice
    from {{ ref('int_subsidy_months') }}
    group by subsidy_key
)

select
    subsidies.subsidy_key,
    subsidies.person_key,
    subsidies.district_code,
    subsidies.subsidy_kind,
    subsidies.site_code,
    subsidies.month_from,
    subsidies.month_to,
    cast(subsidies.months as integer) as months,
    cast(subsidies.monthly_standard as numeric(12, 2)) as monthly_standard,
    cast(subsidies.contribution as numeric(12, 2)) as contribution,
    cast(subsidies.amount as numeric(18, 2)) as amount,
    cast(subsidies.amount_by_standard as numeric(18, 2)) as amount_by_standard,
    coalesce(subsidies.amount > subsidies.amount_by_standard, false) as is_above_standard,
    cast(coalesce(doubles.months_paid_twice, 0) as integer) as months_paid_twice,
    subsidies.paid_on,
    subsidies.document_no
from {{ ref('int_subsidies') }} as subsidies
left join doubles on subsidies.subsidy_key = doubles.subsidy_key
