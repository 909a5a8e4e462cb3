/**
 * The link to the registry: exit reports, drains, beats for programs without the starter, the
 * watch.
 */
@NullMarked
package dev.lepton.supervisor.registry;

import org.jspecify.annotations.NullMarked;
