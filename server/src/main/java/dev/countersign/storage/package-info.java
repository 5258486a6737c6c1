/**
 * The database, for every room and without knowing any: {@link dev.countersign.storage.Database} runs a unit of work in
 * a {@link dev.countersign.storage.Tx}, {@link dev.countersign.storage.Query} is one SQL statement with named
 * parameters, {@link dev.countersign.storage.Migrations} brings the schema up to date, {@link
 * dev.countersign.storage.Sealer} keeps columns unreadable. May use the kernel.
 */
@NullMarked
package dev.countersign.storage;

import org.jspecify.annotations.NullMarked;
