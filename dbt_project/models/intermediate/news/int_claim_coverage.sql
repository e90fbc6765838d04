{#
    Whether the ledgers that a claim asks have all come. Whose ledger: every organisation of the place that owes the feed
    (the banks, for loans). Where each file is the whole ledger, the last one must speak for the end of the period; where
    each file is one period, every one of the period must have come.
#}
with banks as (
    select distinct organisation_code
    from {{ ref('int_obligations') }}
    where kind = 'bank'
),

senders as (
    select
        place_code,
        district_code as organisation_code
    from {{ ref('int_claim_places') }}
    union
    select
        place_code,
        township_code as organisation_code
    from {{ ref('int_claim_places') }}
    union
    select
        places.place_code,
        banks.organisation_code
    from {{ ref('int_claim_places') }} as places
    cross join banks
),

owed as (
    select
        questions.claim_id,
        questions.asked_until,
        questions.timing,
        questions.coverage,
        obligations.organisation_code,
        obligations.feed,
        obligations.state
    from {{ ref('int_claim_questions') }} as questions
    inner join senders on questions.place_code = senders.place_code
    inner join {{ ref('int_obligations') }} as obligations
        on
            senders.organisation_code = obligations.organisation_code
            and questions.feed = obligations.feed
            and obligations.first_month_no <= {{ month_no('questions.asked_until') }}
    where
        questions.reason is null
        and (
            questions.coverage = 'whole'
            or obligations.last_month_no >= {{ month_no('coalesce(questions.asked_from, questions.asked_until)') }}
        )
)

select
    owed.claim_id,
    min(
        case
            when owed.coverage = 'each' and owed.state not in ('on_time', 'late', 'nil') then 0
            when owed.timing = 'year' then 1
            when coverage.covered_until >= owed.asked_until then 1
            else 0
        end
    ) = 1 as is_complete
from owed
left join {{ ref('int_ledger_coverage') }} as coverage
    on owed.organisation_code = coverage.organisation_code and owed.feed = coverage.feed
group by owed.claim_id
