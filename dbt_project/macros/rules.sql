{# The rule behind a rate, told beside it: each parameter with the value in force (gap_days=15 small_cell=5). #}
{% macro rule_text(names, parameters='parameters', fixed='') -%}
    {%- for name in names -%}
        '{{ name }}=' || cast({{ parameters }}.{{ name }} as {{ text_type() }})
        {%- if not loop.last %} || ' ' || {% endif -%}
    {%- endfor -%}
    {%- if fixed %} || ' {{ fixed }}'{% endif -%}
{%- endmacro %}

{#
    Which rows of a table of counts must be hidden so that no count of fewer than small_cell people can be read, nor computed
    from the total of its group: the rows that hold one (is_small), and after them the smallest of the others while what is
    hidden together is a small count still. So at least two are hidden, or none. Where the total is a small count itself it
    must be hidden by the caller, and gives nothing away. `people` are columns of people counted, the first is the size of
    the row; `tie` makes the order of rows of one size certain. Adds `is_small` and `is_hidden`.
#}
{% macro hide_small(rows, group_by, people, tie, small_cell) -%}
    select
        summed.*,
        summed.is_small
        {%- for column in people %}
        or (
            summed.before_{{ column }} > 0 and summed.before_{{ column }} < {{ small_cell }}
            and summed.all_{{ column }} >= {{ small_cell }}
        )
        {%- endfor %} as is_hidden
    from (
        select
            {%- for column in people %}
            coalesce(sum({{ column }}) over (
                partition by {{ group_by }} order by case when is_small then 0 else 1 end, {{ people[0] }}, {{ tie }}
                rows between unbounded preceding and 1 preceding
            ), 0) as before_{{ column }},
            sum({{ column }}) over (partition by {{ group_by }}) as all_{{ column }},
            {%- endfor %}
            judged.*
        from (
            select
                counted.*,
                {%- for column in people %}
                ({{ column }} > 0 and {{ column }} < {{ small_cell }}) {%- if not loop.last %} or{% endif %}
                {%- endfor %} as is_small
            from {{ rows }} as counted
        ) as judged
    ) as summed
{%- endmacro %}
