{#
    Everything that a figure of the news can be held against, one row for each fact of a ledger. A figure of a stretch of
    time counts facts by first_on; a figure of a day counts those that had begun and not ended on it.
#}
{% set feeds = [
    'placement', 'training', 'person', 'household', 'dibao_exit', 'subsidy', 'event', 'site', 'vacancy', 'loan', 'target',
] %}
{% for feed in feeds %}
    select
        figure,
        district_code,
        township_code,
        item_key,
        cast(amount as numeric(24, 6)) as amount,
        first_on,
        last_on
    from {{ ref('int_facts_' ~ feed) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
