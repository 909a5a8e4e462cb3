/** The copies of the services' jars that a platform runs from. */
@NullMarked
package dev.lepton.cli.app;

import org.jspecify.annotations.NullMarked;
