-- The sessions of Plaza sort nothing (enable_sort), so that no list is ever sorted. To lock the few authors of one
-- statement in the order of their ids they have to be: else all users are walked in that order.

-- +goose Up
ALTER FUNCTION posts_total_after_insert() SET enable_sort = on;
ALTER FUNCTION posts_total_after_delete() SET enable_sort = on;

-- +goose Down
ALTER FUNCTION posts_total_after_delete() RESET enable_sort;
ALTER FUNCTION posts_total_after_insert() RESET enable_sort;
