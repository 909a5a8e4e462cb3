/**
 * The folder that holds all state of a platform on one machine: paths, lock, token, durable files.
 */
@NullMarked
package dev.lepton.supervisor.home;

import org.jspecify.annotations.NullMarked;
