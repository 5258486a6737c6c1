-- Most changes of a sign-in come before anybody is known, and most of the others leave its person as it was.
drop index sign_ins_by_user;
create index sign_ins_by_user on sign_ins (tenant, user_id) where user_id is not null;
