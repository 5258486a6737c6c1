/**
 * What the operator of a running server talks to, apart from everything public: health and meters on a port of their own,
 * commands through a socket in the data folder.
 *
 * <p>Start at {@link dev.countersign.operator.OperatorServer} and {@link dev.countersign.operator.ControlSocket}. One probe:
 * {@code GET /health/ready} runs each check of {@link dev.countersign.operator.Health} within a second and answers 200 or
 * 503. One command: {@code countersign backup} connects to the socket of the running server, which owns the embedded
 * database, and prints what it answers. Uses {@code kernel}, {@code logging}, {@code metrics}; is given the rest.
 */
@NullMarked
package dev.countersign.operator;

import org.jspecify.annotations.NullMarked;
