/** HTTP for the rooms above: requests in, replies out, and what pages are made of: messages, assets, brand colours. */
@NullMarked
package dev.countersign.web;

import org.jspecify.annotations.NullMarked;
