/**
 * The command line: finds the command, takes its flags apart, answers {@code --help} and mistakes in one way.
 *
 * <p>Start at {@link dev.countersign.cli.CommandLine}. One call: {@code Main} hands over arguments and environment, the
 * command is found by its words, its flags and the server's settings are read together, mistakes are reported all at once
 * and end with {@link dev.countersign.cli.Exit#USAGE}, or the command runs. Uses {@code config}; what
 * an operator can ask of a server, running or not, is listed in {@link dev.countersign.cli.OperatorWords}.
 */
@NullMarked
package dev.countersign.cli;

import org.jspecify.annotations.NullMarked;
