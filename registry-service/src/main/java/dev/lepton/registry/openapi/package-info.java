/** The description of the REST interface that tools read. */
@NullMarked
package dev.lepton.registry.openapi;

import org.jspecify.annotations.NullMarked;
