{#
    A row for each district, month for which banks owe their loans (or in which one was issued) and kind of loan.
    Running and overdue are judged on the last day of the month, or on as_of where that is earlier.
#}
with loan_months as (
    select
        months.month_no,
        months.banks,
        months.banks_reported,
        months.is_begun,
        months.reason_if_absent
    from {{ ref('int_loan_months') }} as months
),

all_months as (
    select month_no from loan_months
    union
    select issued_month_no as month_no from {{ ref('int_loans') }}
    where issued_on <= {{ as_of() }}
),

places as (
    select district_code from {{ ref('int_districts') }}
    union
    select district_code from {{ ref('int_loans') }}
),

cells as (
    select
        places.district_code,
        all_months.month_no,
        codes.code as loan_kind,
        least({{ month_end_of_no('all_months.month_no') }}, {{ as_of() }}) as judged_on,
        loan_months.banks,
        loan_months.banks_reported,
        loan_months.is_begun,
        loan_months.reason_if_absent
    from places
    cross join all_months
    inner join {{ ref('int_codes') }} as codes on codes.feed = 'loan' and codes.column_name = 'loan_kind'
    left join loan_months on all_months.month_no = loan_months.month_no
),

counted as (
    select
        cells.district_code,
        cells.month_no,
        cells.loan_kind,
        sum(case when loans.issued_month_no = cells.month_no then 1 else 0 end) as loans_issued,
        sum(case when loans.issued_month_no = cells.month_no then loans.principal else 0 end) as amount_issued,
        sum(case when loans.issued_month_no = cells.month_no and loans.jobs_brought is not null then 1 else 0 end)
            as loans_telling_jobs,
        sum(case when loans.issued_month_no = cells.month_no then loans.jobs_brought end) as jobs_brought,
        count(distinct case when loans.issued_month_no = cells.month_no then loans.person_key end) as persons_borrowing,
        sum(case when coalesce(loans.repaid_on > cells.judged_on, true) then 1 else 0 end) as loans_running,
        sum(case when coalesce(loans.repaid_on > cells.judged_on, true) then loans.principal else 0 end)
            as principal_running,
        sum(
            case
                when coalesce(loans.repaid_on > cells.judged_on, true) and loans.overdue_since <= cells.judged_on then 1
                else 0
            end
        ) as loans_overdue
    from cells
    inner join {{ ref('int_loans') }} as loans
        on
            cells.district_code = loans.district_code
            and cells.loan_kind = loans.loan_kind
            and cells.judged_on >= loans.issued_on
    group by cells.district_code, cells.month_no, cells.loan_kind
),

judged as (
    select
        cells.*,
        coalesce(cells.is_begun, false) or coalesce(counted.loans_issued > 0, false) as is_known,
        counted.loans_issued,
        counted.amount_issued,
        counted.loans_telling_jobs,
        counted.jobs_brought,
        counted.persons_borrowing,
        counted.loans_running,
        counted.principal_running,
        counted.loans_overdue
    from cells
    left join counted
        on
            cells.district_code = counted.district_code
            and cells.month_no = counted.month_no
            and cells.loan_kind = counted.loan_kind
)

select
    district_code,
    {{ month_of_no('month_no') }} as month,
    loan_kind,
    cast(case when is_known then coalesce(loans_issued, 0) end as integer) as loans_issued,
    cast(case when is_known then coalesce(amount_issued, 0) end as numeric(18, 2)) as amount_issued,
    cast(case when is_known then coalesce(persons_borrowing, 0) end as integer) as persons_borrowing,
    cast(case when is_known then coalesce(loans_running, 0) end as integer) as loans_running,
    cast(case when is_known then coalesce(principal_running, 0) end as numeric(18, 2)) as principal_running,
    cast(case when is_known then coalesce(loans_overdue, 0) end as integer) as loans_overdue,
    {{ share('case when is_known then loans_overdue end', 'loans_running') }} as overdue_rate,
    case
        when not is_known then coalesce(reason_if_absent, 'not_owed')
        when coalesce(loans_running, 0) = 0 then 'no_loans'
    end as reason,
    banks,
    banks_reported,
    month_no,
    cast(case when is_known then coalesce(loans_telling_jobs, 0) end as integer) as loans_telling_jobs,
    cast(jobs_brought as integer) as jobs_brought
from judged
