/**
 * Runs units as containers that somebody else has created: found by their labels through the Docker
 * Engine API, watched, restarted and stopped through it, never made nor removed.
 */
@NullMarked
package dev.lepton.supervisor.container;

import org.jspecify.annotations.NullMarked;
