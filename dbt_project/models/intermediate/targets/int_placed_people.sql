{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['township_code', 'year']
    )
}}

-- People placed in each township and year, each once a year.
with placements as (
    {{ rows_to_count('int_placements') }}
),

people as (
    select distinct
        person_key,
        sign,
        township_code,
        cast(extract(year from started_on) as integer) as year
    from placements
    where has_begun
)

select
    township_code,
    year,
    sum(sign) as people
from people
group by township_code, year
