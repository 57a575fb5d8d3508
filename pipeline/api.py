"""The one door from the dashboard to the pipeline."""

from cache import LazybonesError as LazybonesError
from pipeline.compute import memory as memory
from pipeline.compute.progress import Progress as Progress
from pipeline.compute.progress import silent as silent
from pipeline.errors import Cancelled as Cancelled
from pipeline.errors import InvalidParameter as InvalidParameter
from pipeline.maps.former import Choice as Choice
from pipeline.maps.former import MapParameter as MapParameter
from pipeline.maps.former import choice_of as choice_of
from pipeline.maps.former import describe_map as describe_map
from pipeline.maps.former import find_map as find_map
from pipeline.maps.former import lay_out_map as lay_out_map
from pipeline.maps.former import map_memory as map_memory
from pipeline.maps.former import map_methods as map_methods
from pipeline.maps.former import map_parameters as map_parameters
from pipeline.maps.former import read_map as read_map
from pipeline.maps.former import stored_maps as stored_maps
from pipeline.maps.former import write_map as write_map
from pipeline.maps.grid_layout import grid_cells as grid_cells
from pipeline.maps.grid_layout import grid_shape as grid_shape
from pipeline.maps.methods import map_options as map_options
from pipeline.maps.methods import with_map as with_map
from pipeline.maps.poster import Poster as Poster
from pipeline.plugins.options import Option as Option
from pipeline.retraining.analyses import find_learning_curve as find_learning_curve
from pipeline.retraining.analyses import find_separability as find_separability
from pipeline.retraining.analyses import learning_curve as learning_curve
from pipeline.retraining.analyses import pair_axis as pair_axis
from pipeline.retraining.analyses import separability as separability
from pipeline.retraining.completion import find_faithfulness as find_faithfulness
from pipeline.retraining.completion import find_validation as find_validation
from pipeline.retraining.completion import judge_map as judge_map
from pipeline.retraining.completion import validate as validate
from pipeline.retraining.grid_search import grid_search as grid_search
from pipeline.retraining.retrainer import Retrainer as Retrainer
from pipeline.retraining.retrainer import find_fit as find_fit
from pipeline.retraining.retrainer import retrain as retrain
from pipeline.retraining.setting import KERNELS as KERNELS
from pipeline.retraining.setting import Asked as Asked
from pipeline.retraining.setting import Setting as Setting
from pipeline.retraining.setting import fit_key as fit_key
from pipeline.retraining.setting import paths_of as paths_of
from pipeline.retraining.setting import setting_of as setting_of
from pipeline.retraining.setting import settle as settle
from pipeline.stages.contract import Stage as Stage
from pipeline.stages.contract import ensure as ensure
from pipeline.stages.contract import find as find
from pipeline.stages.kinds import Projection as Projection
from pipeline.stages.learning import DEFAULT_SIZES as DEFAULT_SIZES
from pipeline.stages.pair_axis import AxisImages as AxisImages
from pipeline.stages.pair_axis import PairAxis as PairAxis
from pipeline.svm.kernels import SCALE as SCALE

available_memory, give_back_memory = memory.available, memory.give_back
return_memory_promptly = memory.return_promptly
