/**
 * The embedded PostgreSQL: a real server with a persistent data directory, which this process
 * starts, adopts, watches and stops.
 */
@NullMarked
package dev.lepton.registry.postgres;

import org.jspecify.annotations.NullMarked;
