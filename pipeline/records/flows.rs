//! From groups of records to flows, with every record accounted for.

use std::{
    collections::{HashMap, HashSet},
    num::NonZeroU32,
};

use datafusion::{
    arrow::{
        array::{Array, AsArray, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray},
        compute::cast,
        datatypes::{DataType, Decimal128Type, Int32Type, Int64Type},
    },
    error::{DataFusionError, Result},
};

use crate::{
    error::Error,
    plan::{DIGITS, Ends, names},
    wish::Wish,
    zone_of::OUTSIDE,
};

/// A weight of 1 as it is summed.
const ONE: i128 = 10_i128.pow(DIGITS as u32);

/// Flows between places, in the order of their names, and what became of every record.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flows {
    /// Every text that was met: ids of places, periods, kinds.
    pub texts: Vec<String>,
    /// The flows.
    pub pairs: Vec<Pair>,
    /// How the records were spent.
    pub tally: Tally,
}

/// A text of a flow: a position in [`Flows::texts`], from 1, so that a missing one takes no room of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(NonZeroU32);

/// The records from one place to another, of one period and kind where these were asked for. There may be many millions of them, so
/// they are small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Where they start.
    pub origin: Text,
    /// Where they end.
    pub dest: Text,
    /// Their period; `None` where none was asked for or the records name none.
    pub time: Option<Text>,
    /// Their kind, likewise.
    pub kind: Option<Text>,
    /// What they sum up to; `None` where they are too few to be told.
    pub sum: Option<Share>,
}

/// Records and their weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// How many there are.
    pub records: u64,
    weight: Units,
}

/// What records weigh together, in billionths; their number where no weight was asked for. Packed as words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(Rust, packed(8))]
struct Units(i128);

/// How the records were spent: `read = assigned + suppressed + outside + unknown + unreadable`, in number and in weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Those that the files hold, where they say so or had to be counted.
    pub held: Option<u64>,
    /// Those that pass the filter.
    pub read: Share,
    /// Those in a flow that is told.
    pub assigned: Share,
    /// Those in flows of too few records to be told.
    pub suppressed: Share,
    /// How many such flows there are.
    pub suppressed_flows: u64,
    /// Those with an end outside of all zones.
    pub outside: Share,
    /// Those with an end that is no zone's id.
    pub unknown: Share,
    /// Those without an origin or a destination.
    pub without_end: Share,
    /// Those with both ends whose weight is missing, negative or no number; they weigh nothing.
    pub without_weight: Share,
    /// Those among the assigned that name no period, though periods were asked for.
    pub without_time: u64,
    /// Likewise kinds.
    pub without_kind: u64,
}

impl Share {
    /// Returns what the records weigh together.
    pub fn weight(&self) -> f64 {
        self.weight.0 as f64 / ONE as f64
    }

    /// Returns the weight as a whole number where it is one.
    pub fn whole_weight(&self) -> Option<i64> {
        let units = self.weight.0;
        (units % ONE == 0).then(|| i64::try_from(units / ONE).ok()).flatten()
    }

    fn add(&mut self, other: Share) {
        self.records += other.records;
        self.weight.0 += other.weight.0;
    }
}

impl Tally {
    /// Says whether the parts are the whole, in number and in weight.
    pub fn reconciles(&self) -> bool {
        let mut sum = Share::default();
        let parts = [self.assigned, self.suppressed, self.outside, self.unknown, self.without_end, self.without_weight];
        parts.into_iter().for_each(|part| sum.add(part));
        sum == self.read && self.held.is_none_or(|held| held >= self.read.records)
    }
}

impl Text {
    fn at(position: usize) -> Self {
        let number = u32::try_from(position + 1).ok().and_then(NonZeroU32::new);
        Text(number.expect("four billion different texts do not fit in memory"))
    }

    /// Returns the position among the texts.
    pub fn position(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl Flows {
    /// Returns a text of a flow.
    ///
    /// # Panics
    /// Panics if the text is another table's and its position out of range here.
    pub fn text(&self, text: Text) -> &str {
        &self.texts[text.position()]
    }
}

impl Pair {
    /// Numbers that are in order where flows are: by period, kind, origin and destination; a missing one before all others.
    fn rank(&self) -> u128 {
        let number = |text: Option<Text>| text.map_or(0, |text| u128::from(text.0.get()));
        let parts = [self.time, self.kind, Some(self.origin), Some(self.dest)].map(number);
        parts.into_iter().fold(0, |rank, part| rank << 32 | part)
    }
}

/// Takes groups in any order.
#[derive(Debug)]
pub(crate) struct Collector<'a> {
    wish: &'a Wish,
    ends: Ends,
    /// Ids that there are, where zones say so.
    known: Option<HashSet<&'a str>>,
    named: HashMap<String, Text>,
    /// The texts of zones that were met.
    of_zones: Vec<Option<Text>>,
    flows: Flows,
}

/// One row of the plan's answer.
struct Group {
    share: Share,
    without_weight: u64,
    time: Option<Text>,
    kind: Option<Text>,
}

/// The columns of one batch of the plan's answer, ends as text or as positions of zones.
struct Columns {
    origin: End,
    dest: End,
    time: Option<StringArray>,
    kind: Option<StringArray>,
    records: Int64Array,
    weights: Option<(Int64Array, Decimal128Array)>,
}

enum End {
    Ids(StringArray),
    Zones(Int32Array),
}

/// What is known of an end.
enum Found {
    Place(Text),
    Outside,
    Unknown,
    Missing,
}

impl<'a> Collector<'a> {
    pub fn new(wish: &'a Wish, ends: Ends) -> Self {
        let zones = wish.zones.as_ref().filter(|_| ends == Ends::Ids);
        let known = zones.map(|wish| wish.zones.ids().iter().map(String::as_str).collect());
        let of_zones = vec![None; wish.zones.as_ref().map_or(0, |wish| wish.zones.ids().len())];
        Collector { wish, ends, known, named: HashMap::new(), of_zones, flows: Flows::default() }
    }

    pub fn take(&mut self, batch: &RecordBatch) -> Result<()> {
        let columns = Columns::new(batch, self.ends)?;
        for row in 0..batch.num_rows() {
            let (share, without_weight) = columns.sums(row);
            let (time, kind) = (columns.time.as_ref(), columns.kind.as_ref());
            let mut named =
                |column: Option<&StringArray>| column.filter(|c| c.is_valid(row)).map(|c| self.text(c.value(row)));
            let (time, kind) = (named(time), named(kind));
            let group = Group { share, without_weight, time, kind };
            match (self.found(&columns.origin, row), self.found(&columns.dest, row)) {
                (Found::Place(origin), Found::Place(dest)) => self.flow(origin, dest, group),
                (Found::Missing, _) | (_, Found::Missing) => self.left_out(group, |tally| &mut tally.without_end),
                (Found::Outside, _) | (_, Found::Outside) => self.left_out(group, |tally| &mut tally.outside),
                _ => self.left_out(group, |tally| &mut tally.unknown),
            }
        }
        Ok(())
    }

    fn found(&mut self, end: &End, row: usize) -> Found {
        match end {
            End::Ids(ids) if ids.is_null(row) => Found::Missing,
            End::Ids(ids) => match &self.known {
                Some(known) if !known.contains(ids.value(row)) => Found::Unknown,
                _ => Found::Place(self.text(ids.value(row))),
            },
            End::Zones(zones) if zones.is_null(row) => Found::Missing,
            End::Zones(zones) => match (zones.value(row), &self.wish.zones) {
                (OUTSIDE, _) | (_, None) => Found::Outside,
                (zone, Some(wish)) => Found::Place(self.of_zones[zone as usize].unwrap_or_else(|| {
                    let text = self.text(&wish.zones.ids()[zone as usize]);
                    self.of_zones[zone as usize] = Some(text);
                    text
                })),
            },
        }
    }

    fn text(&mut self, text: &str) -> Text {
        if let Some(known) = self.named.get(text) {
            return *known;
        }
        let new = Text::at(self.flows.texts.len());
        self.flows.texts.push(text.to_owned());
        self.named.insert(text.to_owned(), new);
        new
    }

    fn left_out(&mut self, group: Group, part: fn(&mut Tally) -> &mut Share) {
        let tally = &mut self.flows.tally;
        let records = group.share.records + group.without_weight;
        let share = Share { records, ..group.share };
        part(tally).add(share);
        tally.read.add(share);
    }

    fn flow(&mut self, origin: Text, dest: Text, group: Group) {
        let tally = &mut self.flows.tally;
        tally.read.add(Share { records: group.share.records + group.without_weight, ..group.share });
        tally.without_weight.records += group.without_weight;
        if group.share.records == 0 {
            return;
        }
        let told = group.share.records >= self.wish.suppress_below;
        if told {
            tally.assigned.add(group.share);
            // What is suppressed is not told by a detour either.
            let nameless =
                |asked: bool, name: Option<Text>| if asked && name.is_none() { group.share.records } else { 0 };
            tally.without_time += nameless(self.wish.period.is_some(), group.time);
            tally.without_kind += nameless(self.wish.kind.is_some(), group.kind);
        } else {
            tally.suppressed.add(group.share);
            tally.suppressed_flows += 1;
        }
        let sum = told.then_some(group.share);
        self.flows.pairs.push(Pair { origin, dest, time: group.time, kind: group.kind, sum });
    }

    /// Returns the flows in the order of their texts, whatever order the groups came in; an error where one came twice.
    pub fn finish(mut self) -> std::result::Result<Flows, Error> {
        let mut order: Vec<Text> = (0..self.flows.texts.len()).map(Text::at).collect();
        order.sort_unstable_by_key(|text| &self.flows.texts[text.position()]);
        let mut ranks = order.clone();
        for (rank, text) in order.iter().enumerate() {
            ranks[text.position()] = Text::at(rank);
        }
        let ranked = |text: Text| ranks[text.position()];
        for pair in &mut self.flows.pairs {
            (pair.origin, pair.dest) = (ranked(pair.origin), ranked(pair.dest));
            (pair.time, pair.kind) = (pair.time.map(ranked), pair.kind.map(ranked));
        }
        self.flows.pairs.sort_unstable_by_key(Pair::rank);
        self.flows.texts.sort_unstable();
        let twice = self.flows.pairs.windows(2).any(|pair| pair[0].rank() == pair[1].rank());
        if twice { Err(Error::Twice) } else { Ok(self.flows) }
    }
}

impl Columns {
    fn new(batch: &RecordBatch, ends: Ends) -> Result<Self> {
        let column = |name: &str, kind: DataType| batch.column_by_name(name).map(|c| cast(c, &kind)).transpose();
        let text = |name| Ok::<_, DataFusionError>(column(name, DataType::Utf8)?.map(|c| c.as_string::<i32>().clone()));
        let end = |name| match ends {
            Ends::Ids => Ok::<_, DataFusionError>(End::Ids(text(name)?.expect(PLANNED))),
            Ends::Zones => {
                Ok(End::Zones(column(name, DataType::Int32)?.expect(PLANNED).as_primitive::<Int32Type>().clone()))
            }
        };
        let whole = |name| column(name, DataType::Int64).map(|c| c.map(|c| c.as_primitive::<Int64Type>().clone()));
        let weight = batch.column_by_name(names::WEIGHT).map(|c| c.as_primitive::<Decimal128Type>().clone());
        Ok(Columns {
            origin: end(names::ORIGIN)?,
            dest: end(names::DEST)?,
            time: text(names::TIME)?,
            kind: text(names::KIND)?,
            records: whole(names::RECORDS)?.expect(PLANNED),
            weights: whole(names::WEIGHED)?.zip(weight),
        })
    }

    /// Returns the records of a row whose weight can be read, and how many others there are.
    fn sums(&self, row: usize) -> (Share, u64) {
        let all = self.records.value(row) as u64;
        match &self.weights {
            None => (Share { records: all, weight: Units(i128::from(all) * ONE) }, 0),
            Some((weighed, weights)) => {
                let records = weighed.value(row) as u64;
                let weight = if weights.is_valid(row) { weights.value(row) } else { 0 };
                (Share { records, weight: Units(weight) }, all - records)
            }
        }
    }
}

/// Why a column must be there.
const PLANNED: &str = "the plan has this column";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_that_comes_twice_is_no_answer() {
        let texts = |ids: [&str; 2]| std::sync::Arc::new(StringArray::from(ids.to_vec())) as _;
        let records = std::sync::Arc::new(Int64Array::from(vec![3, 1])) as _;
        let columns = [(names::ORIGIN, texts(["a", "b"])), (names::DEST, texts(["b", "a"])), (names::RECORDS, records)];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let wish = Wish::default();
        let collected = |times: usize| {
            let mut collector = Collector::new(&wish, Ends::Ids);
            (0..times).for_each(|_| collector.take(&batch).unwrap());
            collector.finish()
        };
        assert_eq!(collected(1).unwrap().tally.read.records, 4);
        assert!(matches!(collected(2), Err(Error::Twice)));
    }
}
