/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_LIB_ARRAY_H
#define BARMAP_LIB_ARRAY_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif
