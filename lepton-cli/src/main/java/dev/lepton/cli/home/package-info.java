/** The folder that holds a platform's state, and who runs on it. */
@NullMarked
package dev.lepton.cli.home;

import org.jspecify.annotations.NullMarked;
