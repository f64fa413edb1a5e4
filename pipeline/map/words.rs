//! The words and numbers that the product adds to a figure, in the language of the figure.

use std::{fmt, str::FromStr};

/// What stands before numbers below 0: an en dash, which is as wide as a minus sign. The bundled fonts have no U+2212.
const MINUS: &str = "\u{2013}";
/// Decimals of the smallest numbers told; what is smaller is 0, or left over from rounding.
const MOST_DECIMALS: usize = 12;
/// Most decimals of a number that is told by three digits.
const MOST_OF_THREE: usize = 6;

/// The language of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
    /// French.
    French,
}

impl FromStr for Language {
    type Err = String;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        match tag {
            "en" => Ok(Language::English),
            "es" => Ok(Language::Spanish),
            "fr" => Ok(Language::French),
            other => Err(format!("language \"{other}\" is not known; expected en, es or fr")),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Language::English => "en",
            Language::Spanish => "es",
            Language::French => "fr",
        })
    }
}

/// What the rows of a chart are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Flows.
    Flows,
    /// Places.
    Places,
    /// What a table has.
    Others,
}

/// The words and number formats of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    language: Language,
}

/// Returns the decimals by which a number has three digits that count, at most six.
pub fn three_digits(value: f64) -> usize {
    (0..MOST_OF_THREE).find(|d| value.abs() * 10_f64.powi(*d as i32) >= 100.0).unwrap_or(MOST_OF_THREE)
}

impl Words {
    /// Returns the words of this language.
    pub fn of(language: Language) -> Self {
        Words { language }
    }

    fn pick(self, english: &'static str, spanish: &'static str, french: &'static str) -> &'static str {
        match self.language {
            Language::English => english,
            Language::Spanish => spanish,
            Language::French => french,
        }
    }

    /// Returns a number with grouped digits: 152,309 in English, 152 309 with thin spaces in Spanish (from five
    /// digits, as the Real Academia Española advises) and French. At most two decimals, and none that are zero; below a tenth two
    /// digits that are not zero, as far as twelve decimals reach.
    pub fn number(self, value: f64) -> String {
        if value.abs() > 0.0 && value.abs() < 0.1 {
            let decimals = ((1.0 - libm::log10(value.abs()).floor()) as usize).min(MOST_DECIMALS);
            let told = self.decimal(value, decimals);
            return told.trim_end_matches('0').trim_end_matches(self.decimal_mark()).to_owned();
        }
        let rounded = (value * 100.0).round() / 100.0;
        let whole = rounded.abs().trunc();
        let grouped = self.whole(&format!("{whole:.0}"));
        let cents = ((rounded.abs() - whole) * 100.0).round() as u32;
        let tail = match cents {
            0 => String::new(),
            c if c % 10 == 0 => format!("{}{}", self.decimal_mark(), c / 10),
            c => format!("{}{c:02}", self.decimal_mark()),
        };
        let sign = if rounded < 0.0 { MINUS } else { "" };
        format!("{sign}{grouped}{tail}")
    }

    /// Returns a number as printed: whole ones and those from 100 on without decimals, others with three digits that count.
    pub fn significant(self, value: f64) -> String {
        if value.fract() == 0.0 || value.abs() >= 100.0 {
            return self.number(value.round());
        }
        self.decimal(value, three_digits(value))
    }

    /// Returns a number with so many decimals, grouped as [`Words::number`] does.
    pub fn decimal(self, value: f64, decimals: usize) -> String {
        let digits = format!("{:.decimals$}", value.abs());
        let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
        let mark = if part.is_empty() { "" } else { self.decimal_mark() };
        let zero = digits.bytes().all(|b| matches!(b, b'0' | b'.'));
        let sign = if value < 0.0 && !zero { MINUS } else { "" };
        format!("{sign}{}{mark}{part}", self.whole(whole))
    }

    fn whole(self, digits: &str) -> String {
        let long_enough = self.language != Language::Spanish || digits.len() > 4;
        if long_enough { self.group(digits) } else { digits.to_owned() }
    }

    fn group(self, digits: &str) -> String {
        let separator = self.pick(",", "\u{202f}", "\u{202f}");
        let mut out = String::new();
        for (k, digit) in digits.chars().enumerate() {
            if k > 0 && (digits.len() - k).is_multiple_of(3) {
                out.push_str(separator);
            }
            out.push(digit);
        }
        out
    }

    /// Returns a colon between a name and what is said of it, with the spaces around it.
    pub fn colon(self) -> &'static str {
        self.pick(": ", ": ", "\u{a0}: ")
    }

    fn decimal_mark(self) -> &'static str {
        self.pick(".", ",", ",")
    }

    /// Returns a share in percent: whole numbers from 10 up and where exact, else one decimal; never 100 % or 0 % by rounding.
    pub fn percent(self, share: f64) -> String {
        let percent = share * 100.0;
        let rounded = if percent >= 10.0 { percent.round() } else { (percent * 10.0).round() / 10.0 };
        let honest = if rounded >= 100.0 && share < 1.0 {
            99.9
        } else if rounded == 0.0 && share > 0.0 {
            return format!("< {}\u{202f}%", self.number(0.1));
        } else {
            rounded
        };
        format!("{}\u{202f}%", self.number(honest))
    }

    /// Returns the statement of completeness of a measured map.
    pub fn completeness(self, shown: usize, of: usize, share: f64, total: &str) -> String {
        let (shown, of, percent) = (self.number(shown as f64), self.number(of as f64), self.percent(share));
        match self.language {
            Language::English => format!("Shown: {shown} of {of} flows, {percent} of {total}."),
            Language::Spanish => format!("Se muestran {shown} de {of} flujos, {percent} de {total}."),
            Language::French => format!("Représentés : {shown} flux sur {of}, {percent} de {total}."),
        }
    }

    /// Returns the statement of how many flows of 0 a matrix shows beside the others.
    pub fn flows_of_zero(self, count: usize) -> String {
        format!("{}{}{}.", self.pick("Flows of 0", "Flujos de 0", "Flux de 0"), self.colon(), self.number(count as f64))
    }

    /// Returns the statement of completeness of a map without measured weights.
    pub fn completeness_unweighted(self, shown: usize, of: usize) -> String {
        self.rows_shown(Rows::Flows, shown, of)
    }

    /// Returns the statement that a chart shows so many of its rows.
    pub fn rows_shown(self, rows: Rows, shown: usize, of: usize) -> String {
        let (shown, of) = (self.number(shown as f64), self.number(of as f64));
        let [english, spanish, french, french_head] = match rows {
            Rows::Flows => ["flows", "flujos", "flux", "Représentés"],
            Rows::Places => ["places", "lugares", "lieux", "Représentés"],
            Rows::Others => ["rows", "filas", "lignes", "Représentées"],
        };
        match self.language {
            Language::English => format!("Shown: {shown} of {of} {english}."),
            Language::Spanish => format!("Se muestran {shown} de {of} {spanish}."),
            Language::French => format!("{french_head} : {shown} {french} sur {of}."),
        }
    }

    /// Returns the remark that some flows have no weight and are not drawn in proportion.
    pub fn without_weight(self, count: usize) -> String {
        if count == 1 {
            let one = self.pick(
                "1 flow without a number is drawn thin and grey.",
                "1 flujo sin cifra se dibuja fino y gris.",
                "1 flux sans chiffre est dessiné fin et gris.",
            );
            return one.to_owned();
        }
        let count = self.number(count as f64);
        match self.language {
            Language::English => format!("{count} flows without a number are drawn thin and grey."),
            Language::Spanish => format!("{count} flujos sin cifra se dibujan finos y grises."),
            Language::French => format!("{count} flux sans chiffre sont dessinés fins et gris."),
        }
    }

    /// Returns the remark that flows within a place are not drawn.
    pub fn self_flows(self, count: usize) -> String {
        let count = self.number(count as f64);
        match self.language {
            Language::English => format!("Moves within a place are not drawn ({count})."),
            Language::Spanish => format!("No se dibujan los movimientos dentro de un mismo lugar ({count})."),
            Language::French => format!("Les mouvements internes à un lieu ne sont pas dessinés ({count})."),
        }
    }

    /// Returns the remark that flows between places beyond the frame are not drawn.
    pub fn beyond(self, count: usize) -> String {
        let count = self.number(count as f64);
        match self.language {
            Language::English => format!("Flows between places beyond the map are not drawn ({count})."),
            Language::Spanish => format!("No se dibujan los flujos entre lugares fuera del mapa ({count})."),
            Language::French => format!("Les flux entre lieux hors de la carte ne sont pas dessinés ({count})."),
        }
    }

    /// Returns the remark that bundled lines show no single widths.
    pub fn bundled(self) -> &'static str {
        self.pick(
            "Lines are bundled to show structure: the width of a single flow cannot be read where they run together.",
            "Las líneas se agrupan en haces para mostrar la estructura: donde corren juntas no puede leerse el ancho de cada flujo.",
            "Les lignes sont groupées en faisceaux pour montrer la structure : là où elles se rejoignent, la largeur d’un flux isolé n’est pas lisible.",
        )
    }

    /// Returns the word that opens the source line.
    pub fn source(self, count: usize) -> &'static str {
        if count == 1 {
            self.pick("Source:", "Fuente:", "Source :")
        } else {
            self.pick("Sources:", "Fuentes:", "Sources :")
        }
    }

    /// Returns the remark beside the thinnest line of the legend.
    pub fn at_most(self, weight: f64) -> String {
        let value = self.number(weight);
        match self.language {
            Language::English if weight.fract() > 0.0 => format!("{value} or less"),
            Language::English => format!("{value} or fewer"),
            Language::Spanish => format!("{value} o menos"),
            Language::French => format!("{value} ou moins"),
        }
    }

    /// Returns the legend entry of the flows out of a hub.
    pub fn from_place(self, name: &str) -> String {
        format!("{} {name}", self.pick("from", "desde", "de"))
    }

    /// Returns the legend entry of the flows into a hub.
    pub fn to_place(self, name: &str) -> String {
        format!("{} {name}", self.pick("to", "hacia", "vers"))
    }

    /// Returns the legend entry of rings around places.
    pub fn ring(self) -> &'static str {
        self.pick("within the place", "dentro del lugar", "au sein du lieu")
    }

    /// Returns the head of the rows of a matrix.
    pub fn from_head(self) -> &'static str {
        self.pick("From", "Desde", "De")
    }

    /// Returns the head of the columns of a matrix.
    pub fn to_head(self) -> &'static str {
        self.pick("To", "Hacia", "Vers")
    }

    /// Returns the heads of the rows and of the columns of a matrix whose numbers have no direction.
    pub fn between_heads(self) -> [&'static str; 2] {
        [self.pick("Between", "Entre", "Entre"), self.pick("and", "y", "et")]
    }

    /// Returns the legend entry of cells without a net flow, many of which have one in the cell opposite.
    pub fn no_net_flow(self) -> &'static str {
        self.pick("no net flow this way", "sin flujo neto en este sentido", "aucun flux net dans ce sens")
    }

    /// Returns the legend entry of cells without a net flow where not all flows are shown.
    pub fn net_flow_not_shown(self) -> &'static str {
        self.pick(
            "not shown or no net flow this way",
            "no mostrado o sin flujo neto en este sentido",
            "non représenté ou aucun flux net dans ce sens",
        )
    }

    /// Returns the head of totals.
    pub fn total(self) -> &'static str {
        self.pick("Total", "Total", "Total")
    }

    /// Returns the legend entry of cells without a flow.
    pub fn no_entry(self) -> &'static str {
        self.pick("no entry", "sin registro", "aucune donnée")
    }

    /// Returns the legend entry of cells without a flow where not all flows are shown.
    pub fn not_shown(self) -> &'static str {
        self.pick("not shown or no entry", "no mostrado o sin registro", "non représenté ou aucune donnée")
    }

    /// Returns the legend entry of cells with a flow that has no number.
    pub fn no_number(self) -> &'static str {
        self.pick("without a number", "sin cifra", "sans chiffre")
    }

    /// Returns the legend entry of areas whose number is missing.
    pub fn no_data(self) -> &'static str {
        self.pick("no data", "sin datos", "sans données")
    }

    /// Returns the legend entry of cells with a flow, where no flow has a number.
    pub fn some_flow(self) -> &'static str {
        self.pick("flow", "flujo", "flux")
    }

    /// Returns the legend entry of cells on the diagonal.
    pub fn within_place(self) -> &'static str {
        self.pick("within a place", "dentro de un mismo lugar", "interne à un lieu")
    }

    /// Returns the remark on what the totals of a matrix are.
    pub fn totals_of_cells(self) -> &'static str {
        self.pick(
            "Totals are of the cells shown, without moves within a place.",
            "Los totales son de las celdas mostradas, sin los movimientos dentro de un mismo lugar.",
            "Les totaux sont ceux des cases représentées, sans les mouvements internes à un lieu.",
        )
    }

    /// Returns the remark on how the rows and columns of a matrix are ordered.
    pub fn ordered_by_community(self) -> &'static str {
        self.pick(
            "Places that exchange most stand together; rules part these groups.",
            "Los lugares con más intercambio están juntos; las líneas separan estos grupos.",
            "Les lieux qui échangent le plus sont réunis ; des filets séparent ces groupes.",
        )
    }

    /// Returns the title of the legend of place circles.
    pub fn place_totals(self) -> &'static str {
        self.pick(
            "Circle area: in and out together",
            "Área del círculo: entradas y salidas",
            "Aire du cercle : entrées et sorties",
        )
    }

    /// Returns the title of the legend of place circles where flows are net.
    pub fn place_net_totals(self) -> &'static str {
        self.pick(
            "Circle area: net flows in and out together",
            "Área del círculo: entradas y salidas de los flujos netos",
            "Aire du cercle : entrées et sorties des flux nets",
        )
    }

    /// Returns what the area of circles stands for.
    pub fn circle_area(self, title: &str) -> String {
        let (before, colon) =
            (self.pick("Circle area", "Área del círculo", "Aire du cercle"), self.pick(":", ":", " :"));
        format!("{before}{colon} {title}")
    }

    /// Returns the word for flows that lead from one group of places to another.
    pub fn between_groups(self) -> &'static str {
        self.pick("between them, and others", "entre ellos, y otros", "entre eux, et autres")
    }

    /// Returns the statement that several maps leave no flow out.
    pub fn all_flows_shown(self) -> &'static str {
        self.pick("All flows are shown.", "Se muestran todos los flujos.", "Tous les flux sont représentés.")
    }

    /// Returns what a chart of so many rows is called.
    pub fn bars(self, rows: usize) -> String {
        let rows = self.number(rows as f64);
        match self.language {
            Language::English => format!("Bars for {rows} rows"),
            Language::Spanish => format!("Barras de {rows} filas"),
            Language::French => format!("Barres pour {rows} lignes"),
        }
    }

    /// Returns the way from one place to another.
    pub fn way(self, from: &str, to: &str) -> String {
        match self.language {
            Language::English => format!("{from} to {to}"),
            Language::Spanish => format!("{from} a {to}"),
            Language::French => format!("{from} vers {to}"),
        }
    }

    /// Returns what the halves of place circles show.
    pub fn half_circles(self) -> &'static str {
        self.pick(
            "Half circles by area: out left, in right",
            "Área de los semicírculos: salidas a la izquierda, entradas a la derecha",
            "Aire des demi-cercles : sorties à gauche, entrées à droite",
        )
    }

    /// Returns what the halves of place circles show where flows are net.
    pub fn net_half_circles(self) -> &'static str {
        self.pick(
            "Half circles by area: net flows out left, in right",
            "Área de los semicírculos: flujos netos, salidas a la izquierda, entradas a la derecha",
            "Aire des demi-cercles : flux nets, sorties à gauche, entrées à droite",
        )
    }

    /// Returns the line of the legend where flows without weights are counted.
    pub fn passing_count(self) -> &'static str {
        self.pick(
            "Number of flows through a point; straight lines, direction not shown",
            "Número de flujos que pasan por un punto; líneas rectas, sin dirección",
            "Nombre de flux passant par un point ; lignes droites, sans direction",
        )
    }

    /// Returns the line of the legend where flows are added up.
    pub fn passing_sum(self) -> &'static str {
        self.pick(
            "Sum of all flows through a point; straight lines, direction not shown",
            "Suma de todos los flujos que pasan por un punto; líneas rectas, sin dirección",
            "Somme de tous les flux passant par un point ; lignes droites, sans direction",
        )
    }

    /// Returns the legend entry of uncertain flows.
    pub fn uncertain(self) -> &'static str {
        self.pick("uncertain or estimated", "incierto o estimado", "incertain ou estimé")
    }

    /// Returns the line of the legend on the trunks of trees: they are as wide as what they carry, or as their branches, of which those of
    /// up to `thinnest` have one width. It is brief, as the rest of legends.
    pub fn trunks(self, thinnest: Option<f64>) -> String {
        let Some(most) = thinnest else {
            let carried = self.pick(
                "Trunks are as wide as what they carry",
                "Los troncos son tan anchos como lo que llevan",
                "La largeur des troncs est celle de ce qu’ils portent",
            );
            return carried.to_owned();
        };
        let sum = self.pick(
            "Trunks are as wide as their branches together",
            "Los troncos son tan anchos como la suma de sus ramas",
            "Les troncs ont la largeur de leurs branches réunies",
        );
        let (few, most) = (self.at_most(most), self.number(most));
        match self.language {
            Language::English => format!("{sum}, {few} as {most}"),
            Language::Spanish => format!("{sum}, {few} como {most}"),
            Language::French => format!("{sum}, {few} comme {most}"),
        }
    }

    /// Returns the legend entry of flows of no named kind.
    pub fn other_kind(self) -> &'static str {
        self.pick("other", "otro", "autre")
    }

    /// Returns the word for an ordinal class that has no words of its own.
    pub fn rank(self, rank: usize) -> String {
        format!("{} {rank}", self.pick("rank", "rango", "rang"))
    }

    /// Returns the legend line of ranks that share the last width.
    pub fn and_following(self, first: &str) -> String {
        match self.language {
            Language::English => format!("{first} and after"),
            Language::Spanish => format!("{first} y siguientes"),
            Language::French => format!("{first} et suivants"),
        }
    }

    /// Returns the name of Lambert's azimuthal projection with its centre.
    pub fn lambert(self, lat: f64, lon: f64) -> String {
        let at = format!("{} {}", self.latitude(lat), self.longitude(lon));
        match self.language {
            Language::English => format!("Lambert azimuthal equal-area projection, centre {at}."),
            Language::Spanish => format!("Proyección acimutal equivalente de Lambert, centro {at}."),
            Language::French => format!("Projection azimutale équivalente de Lambert, centre {at}."),
        }
    }

    /// Returns the name of Albers' projection with its standard parallels.
    pub fn albers(self, one: f64, two: f64, lon: f64) -> String {
        let (one, two, lon) = (self.latitude(one), self.latitude(two), self.longitude(lon));
        match self.language {
            Language::English => {
                format!("Albers equal-area conic projection, parallels {one} and {two}, centre {lon}.")
            }
            Language::Spanish => {
                format!("Proyección cónica equivalente de Albers, paralelos {one} y {two}, centro {lon}.")
            }
            Language::French => {
                format!("Projection conique équivalente d’Albers, parallèles {one} et {two}, centre {lon}.")
            }
        }
    }

    /// Returns the name of Equal Earth with its central meridian.
    pub fn equal_earth(self, lon: f64) -> String {
        let lon = self.longitude(lon);
        match self.language {
            Language::English => format!("Equal Earth projection, centre {lon}."),
            Language::Spanish => format!("Proyección Equal Earth, centro {lon}."),
            Language::French => format!("Projection Equal Earth, centre {lon}."),
        }
    }

    /// Returns the name of a projection that the user gave.
    pub fn projection_given(self, text: &str) -> String {
        let name = self.pick("Projection", "Proyección", "Projection");
        format!("{name} {}.", text.trim())
    }

    fn latitude(self, degrees: f64) -> String {
        let side = if degrees < 0.0 { "S" } else { "N" };
        format!("{}°\u{202f}{side}", self.number(degrees.abs()))
    }

    fn longitude(self, degrees: f64) -> String {
        let side = if degrees < 0.0 { self.pick("W", "O", "O") } else { "E" };
        format!("{}°\u{202f}{side}", self.number(degrees.abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        let number = |language, value| Words::of(language).number(value);
        assert_eq!(number(Language::English, 152_309.0), "152,309");
        assert_eq!(number(Language::English, 1_234.5), "1,234.5");
        assert_eq!(number(Language::English, 0.0), "0");
        assert_eq!(number(Language::English, -0.004), "–0.004");
        assert_eq!(number(Language::English, 0.0025), "0.0025");
        assert_eq!(number(Language::Spanish, 0.099_9), "0,1");
        assert_eq!(number(Language::English, 0.000_012_34), "0.000012");
        assert_eq!(number(Language::English, 1e-30), "0");
        assert_eq!(number(Language::English, -12.0), "–12");
        assert_eq!(number(Language::Spanish, 1_234.0), "1234");
        assert_eq!(number(Language::Spanish, 152_309.25), "152\u{202f}309,25");
        assert_eq!(number(Language::French, 1_234.0), "1\u{202f}234");
    }

    #[test]
    fn one_flow_is_told_in_the_singular() {
        let told = |language, count| Words::of(language).without_weight(count);
        assert_eq!(told(Language::English, 1), "1 flow without a number is drawn thin and grey.");
        assert_eq!(told(Language::Spanish, 1), "1 flujo sin cifra se dibuja fino y gris.");
        assert_eq!(told(Language::French, 1), "1 flux sans chiffre est dessiné fin et gris.");
        assert_eq!(told(Language::French, 2), "2 flux sans chiffre sont dessinés fins et gris.");
    }

    #[test]
    fn a_part_is_never_rounded_to_the_whole_or_to_nothing() {
        let words = Words::of(Language::English);
        assert_eq!(words.percent(1.0), "100\u{202f}%");
        assert_eq!(words.percent(0.9999), "99.9\u{202f}%");
        assert_eq!(words.percent(0.00001), "< 0.1\u{202f}%");
        assert_eq!(words.percent(0.934), "93\u{202f}%");
        assert_eq!(words.percent(0.0), "0\u{202f}%");
    }
}
