"""Detectors from outside: the formats of their data, how many boxes they make, and what is left of them at the end.

Read the lesson first (`tutor lesson detection_concepts`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def convert(boxes: Tensor, source: str, target: str, height: int, width: int) -> Tensor:
    """Boxes from one format to another.

    "xyxy" (Pascal VOC): left, top, right, bottom, in pixels. "xywh" (COCO): left, top, width, height, in pixels.
    "cxcywh" (YOLO): centre x, centre y, width, height, as shares of the image's width and height.

    Args:
        boxes: shape (N, 4), float64; N may be 0.
        source, target: two of these names, maybe the same.
        height, width: of the image, in pixels.

    Returns:
        Shape (N, 4), a new tensor; `boxes` must not be changed.

    Raises:
        ValueError: if a name is none of these.
    """
    raise NotImplementedError


def one_stage_outputs(height: int, width: int, strides: list[int], anchors: int, classes: int) -> tuple[int, int]:
    """A detector in one stage answers at every cell of several feature maps.

    Args:
        height, width: of the image.
        strides: of the feature maps; map k has ⌈height/strides[k]⌉ · ⌈width/strides[k]⌉ cells.
        anchors: boxes a cell.
        classes: each box has 4 offsets, one objectness and a score for each class.

    Returns:
        How many boxes it makes, and how many numbers in all.
    """
    raise NotImplementedError


def two_stage_outputs(
    height: int, width: int, stride: int, anchors: int, kept: int, classes: int
) -> tuple[int, int, int]:
    """A detector in two stages proposes boxes first, and classifies a fixed number of them.

    Args:
        height, width, stride, anchors: of the first stage, with one feature map; each of its boxes has 4 offsets and
            one objectness.
        kept: proposals that the second stage looks at, at most.
        classes: the second stage gives, for each of them, a score for each class and for the background, and 4 offsets
            for each class (not for the background).

    Returns:
        Boxes of the first stage, its numbers, and the numbers of the second stage.
    """
    raise NotImplementedError


def detections(
    boxes: Tensor, objectness: Tensor, scores: Tensor, keep: float, most: int
) -> tuple[Tensor, Tensor, Tensor]:
    """From a one-stage detector's raw answers to candidates, as they go into non-maximum suppression.

    A box's confidence for a class is sigmoid(objectness) · softmax(scores)[class]. Each box keeps its best class only.

    Args:
        boxes: shape (N, 4).
        objectness: logits, shape (N,).
        scores: logits of the classes, shape (N, classes).
        keep: boxes whose confidence is below this are dropped.
        most: of the others, those with the highest confidence, at most so many.

    Returns:
        Boxes (K, 4), confidences (K,) and classes (K,), int64, by falling confidence. K may be 0.
    """
    raise NotImplementedError


def annotations(images: list[dict], objects: list[dict], names: list[str]) -> dict[str, list[tuple[str, list[float]]]]:
    """A COCO-style dataset, as one list of boxes per file.

    Args:
        images: each with "id" and "file_name".
        objects: each with "image_id", "category_id" (from 1 on), "bbox" in "xywh", and "iscrowd" (0 or 1: a crowd's box
            holds many objects, and is left out).
        names: of the categories; category_id 1 is names[0].

    Returns:
        For each file name, in the order of `images`, its objects in the order of `objects`: (name, box as "xyxy").
        An image without objects has an empty list.
    """
    raise NotImplementedError


def to_library(boxes: Tensor, labels: Tensor, library: str, height: int, width: int) -> dict[str, Tensor]:
    """The truth about one image, as a library's training code expects it.

    Args:
        boxes: "xyxy" in pixels, shape (N, 4), float64; N may be 0.
        labels: of the N boxes, int64, 0 for the first class.
        library: one of
            "torchvision": "boxes", xyxy in pixels, and "labels", 1 for the first class (0 is the background);
            "detectron2": "gt_boxes", xyxy in pixels, and "gt_classes", 0 for the first class;
            "tensorflow" (its Object Detection API): "groundtruth_boxes", rows y1, x1, y2, x2 as shares of the image's
            height and width, and "groundtruth_classes", 1 for the first class.
        height, width: of the image, in pixels.

    Returns:
        The library's two names with new tensors, (N, 4) float64 and (N,) int64. Inputs must not be changed.

    Raises:
        ValueError: if the library is none of these.
    """
    raise NotImplementedError


def choose_detector(task: dict) -> dict:
    """What kind of detector a task needs, and where to set its threshold.

    Args:
        task: "smallest", the smaller side of the smallest object to be found, in whole pixels, at least 1; "frame_ms",
            the time for one image; "one_stage_ms" and "two_stage_ms", what the two kinds of detector take for one image
            on the machine at hand; "miss" and "false_alarm", what one of each costs, both greater than 0.

    Returns:
        "enlarge": the smallest whole factor, at least 1, by which the images have to be enlarged so that the smallest
            object has at least 8 pixels. Each side grows by it, and the time of a detector with the number of pixels.
        "stride": the coarsest of 4, 8, 16 and 32 at which the smallest object, enlarged, still has at least 2 cells.
        "threshold": the probability from which on an alarm is cheaper, in the mean, than silence, as a float.
        "stages": 2 if that kind is in time with the enlarged images (takes at most "frame_ms"), since it finds more;
            otherwise 1 if that kind is in time; otherwise 0.
    """
    raise NotImplementedError
