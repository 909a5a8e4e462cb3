/**
 * The registry's own settings under {@code lepton.*}, each refused at start when it cannot work.
 */
@NullMarked
package dev.lepton.registry.settings;

import org.jspecify.annotations.NullMarked;
