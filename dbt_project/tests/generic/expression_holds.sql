{# Rows for which an expression is false; where it is null it says nothing. #}
{% test expression_holds(model, expression) %}
    select *
    from {{ model }}
    where not ({{ expression }})
{% endtest %}
