with paid as (
    select
        district_code,
        month_no,
        subsidy_kind,
        count(distinct person_key) as persons,
        count(*) as payments,
        sum(monthly_amount) as amount,
        sum(case when turn > 1 then 1 else 0 end) as months_paid_twice,
        sum(case when turn > 1 then monthly_amount else 0 end) as amount_paid_twice
    from {{ ref('int_subsidy_months') }}
    group by district_code, month_no, subsidy_kind
),

owed as (
    select
        months.district_code,
        months.month_no,
        months.is_begun,
        months.reason_if_absent,
        codes.code as subsidy_kind
    from {{ ref('int_reporting_months') }} as months
    inner join {{ ref('int_codes') }} as codes on codes.feed = 'subsidy' and codes.column_name = 'subsidy_kind'
    where months.feed = 'subsidy' and months.kind = 'district'
),

cells as (
    select
        coalesce(paid.district_code, owed.district_code) as district_code,
        coalesce(paid.month_no, owed.month_no) as month_no,
        coalesce(paid.subsidy_kind, owed.subsidy_kind) as subsidy_kind,
        paid.district_code is not null or owed.is_begun as is_known,
        paid.persons,
        paid.payments,
        paid.amount,
        paid.months_paid_twice,
        paid.amount_paid_twice,
        owed.reason_if_absent
    from paid
    full outer join owed
        on
            paid.district_code = owed.district_code
            and paid.month_no = owed.month_no
            and paid.subsidy_kind = owed.subsidy_kind
)

select
    district_code,
    {{ month_of_no('month_no') }} as month,
    subsidy_kind,
    cast(case when is_known then coalesce(persons, 0) end as integer) as persons,
    cast(case when is_known then coalesce(payments, 0) end as integer) as payments,
    cast(case when is_known then coalesce(amount, 0) end as numeric(18, 2)) as amount,
    cast(case when is_known then coalesce(months_paid_twice, 0) end as integer) as months_paid_twice,
    cast(case when is_known then coalesce(amount_paid_twice, 0) end as numeric(18, 2)) as amount_paid_twice,
    case when not is_known then reason_if_absent end as reason,
    month_no
from cells
