/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What mark and marks share: a published result, read and checked. */
#ifndef KAPLAN_VERBS_MARK_H
#define KAPLAN_VERBS_MARK_H

#include "base/error.h"
#include "session/mark.h"
#include "session/state.h"

/* How a published result is written. */
struct mark_form {
  bool percent;     /* survival and its limits are in per cent, not from 0 to 1 */
  const char *unit; /* of the times, or NULL: that of the endpoint */
};

/* Turns what a mark holds as published into survival from 0 to 1 and the endpoint's unit of time, and checks it.  Fails where
 * the unit cannot be converted, survival is outside of 0 to 1 (then the hint says `percent`), a median or time is not over 0, or
 * a limit lies on the wrong side. */
enum status mark_settle(struct mark *mark, const struct mark_form *form, const struct state *state, struct error *error);

#endif
