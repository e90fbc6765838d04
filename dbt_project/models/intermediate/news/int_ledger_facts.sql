{{ config(materialized='table') }}

{#
    Everything that a figure of the news can be held against, one row for each fact of a ledger. A figure of a stretch of
    time counts facts by first_on; a figure of a day counts those that had begun and not ended on it.
#}
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_placement') }}
union all
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_training') }}
union all
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_person') }}
union all
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_household') }}
union all
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_dibao_exit') }}
union all
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_subsidy') }}
union all
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_event') }}
union all
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_site') }}
union all
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_vacancy') }}
union all
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_loan') }}
union all
select
    figure,
    district_code,
    township_code,
    item_key,
    cast(amount as numeric(24, 6)) as amount,
    first_on,
    last_on
from {{ ref('int_facts_target') }}
