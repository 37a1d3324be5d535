// SPDX-License-Identifier: Apache-2.0 OR MIT
package wrtmem;

/** A refusal of the library; {@link #code} is its identifier, such as {@code WRT_ERR_OUT_OF_BOUNDS}. */
public final class WrtException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public final int status;
  public final String code;

  WrtException(int status, String code, String sentence) {
    super(code + ": " + sentence);
    this.status = status;
    this.code = code;
  }
}
