/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_NUMBER_H
#define BARMAP_LIB_NUMBER_H

/*
 * format: numbers as people read them. Each function writes into @text and returns it.
 */

#define FORMAT_TEXT_BYTES 48

/*
 * A cost: whole numbers with thousands separators ("1,017,782,796"); a fraction below 1000 keeps
 * at least three digits ("970.6", "2.34", "0.00234").
 */
char *format_cost(double cost, char text[FORMAT_TEXT_BYTES]);

/* A cost to three digits, with a suffix for powers of a thousand: "4.16 G", "19.2 k", "667". */
char *format_rounded(double cost, char text[FORMAT_TEXT_BYTES]);

/* A factor: "415,000x", "12.3x", "1.00x", "0.85x". */
char *format_factor(double factor, char text[FORMAT_TEXT_BYTES]);

/* A signed percentage with two decimals: "+3.00 %". Zero has no sign. */
char *format_change(double change_pct, char text[FORMAT_TEXT_BYTES]);

#endif
