{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        indexes=[{'columns': ['person_key']}]
    )
}}

{#
    The registered, and people whom only another ledger names (their register is not in yet, or their row is in quarantine):
    a fact must never lose its person in a join. Those have no attributes, and the township that named them first.
#}
with named as (
    select
        person_key,
        started_on as named_on,
        township_code
    from {{ ref('int_placements') }}
    where {{ in_scope('person_key') }}
    union all
    select
        person_key,
        started_on as named_on,
        township_code
    from {{ ref('int_training') }}
    where {{ in_scope_unindexed('person_key') }}
    union all
    select
        person_key,
        followed_up_on as named_on,
        township_code
    from {{ ref('int_follow_ups') }}
    where {{ in_scope('person_key') }}
),

ordered as (
    select
        named.*,
        row_number() over (partition by named.person_key order by named.named_on, named.township_code) as place
    from named
    left join {{ ref('int_registered_people') }} as registered on named.person_key = registered.person_key
    where registered.person_key is null
)

select
    person_key,
    sex,
    birth_year,
    education,
    township_code,
    first_registered_on,
    true as is_registered
from {{ ref('int_registered_people') }}
where {{ in_scope_unindexed('person_key') }}
union all
select
    person_key,
    cast(null as {{ text_type() }}) as sex,
    cast(null as integer) as birth_year,
    cast(null as {{ text_type() }}) as education,
    township_code,
    cast(null as date) as first_registered_on,
    false as is_registered
from ordered
where place = 1
