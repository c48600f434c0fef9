package dev.longshore.bench.plot;

/// Letters of five by seven dots, for the printable characters of ASCII.
final class Glyphs {
  static final int WIDTH = 5;
  static final int HEIGHT = 7;

  private static final char FIRST = ' ';

  // Five columns for each character, two hexadecimal digits a column, the lowest bit on top.
  private static final String COLUMNS =
      "000000000000005F00000007000700147F147F14242A7F2A1223130864623649552250000503000000"
          + "1C2241000041221C0014083E081408083E08080050300000080808080800606000002010080402"
          + "3E5149453E00427F400042615149462141454B311814127F1027454545393C4A49493001710905"
          + "033649494936064949291E00363600000056360000081422410014141414140041221408020151"
          + "0906324979413E7E1111117E7F494949363E414141227F4141221C7F494949417F090909013E41"
          + "49497A7F0808087F00417F41002040413F017F081422417F404040407F020C027F7F0408107F3E"
          + "4141413E7F090909063E4151215E7F09192946464949493101017F01013F4040403F1F2040201F"
          + "3F4038403F631408146307087008076151494543007F414100020408102000"
          + "41417F00040201020440404040400001020400"
          + "20545454787F4844443838444444203844"
          + "44487F3854545418087E0901020C5252523E7F0804047800447D40002040443D007F1028440000"
          + "417F40007C041804787C0804047838444444387C14141408081414187C7C08040408485454"
          + "5420043F4440203C4040207C1C2040201C3C4030403C44281028440C5050503C4464544C440008"
          + "36410000007F000000413608001008081008";

  private Glyphs() {}

  /// Whether the letter has a dot there; a character without a form looks like `-`, if it is a
  /// dash, or `?`.
  static boolean dot(char character, int column, int row) {
    int at = (known(character) - FIRST) * WIDTH + column;
    return (Integer.parseInt(COLUMNS, 2 * at, 2 * at + 2, 16) >>> row & 1) != 0;
  }

  private static char known(char character) {
    if (character >= FIRST && character < FIRST + COLUMNS.length() / (2 * WIDTH)) {
      return character;
    }
    return character == '–' ? '-' : '?';
  }
}
